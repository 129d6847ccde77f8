"""The service: conducts the study that a study folder defines."""
