"""Open government (政务公开): what is published, the service counter, suggestions and thanks."""
