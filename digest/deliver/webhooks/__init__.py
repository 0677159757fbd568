"""Check and read mail providers' webhooks about bounces and complaints."""
