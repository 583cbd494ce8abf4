"""The gRPC border: thin services, one interceptor, errors turned into statuses."""
