"""Process bounces and complaints, and score addresses."""
