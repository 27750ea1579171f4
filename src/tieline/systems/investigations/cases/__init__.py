"""Cases, and the services that open, change and close them."""
