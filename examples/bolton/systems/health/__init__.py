"""Community health: a FHIR R4 server."""
