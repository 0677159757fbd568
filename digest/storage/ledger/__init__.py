"""Batches and deliveries: who was claimed, mailed, refused or left over."""
