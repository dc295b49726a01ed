"""The web application: who may ask, the page and what it asks for."""
