"""Reads FHIR R4 servers: Patients by identifier or name, and the resources that refer to them."""
