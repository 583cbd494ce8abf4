"""Calls SOAP services: operations of a WSDL with a person's keys, and what their replies hold as documents."""
