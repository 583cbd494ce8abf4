"""Schools: the borough's management-information system, with a REST interface."""
