"""Training of the models that the package ships; nothing here is imported by it."""
