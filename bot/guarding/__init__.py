"""What people write passes the guard before it is kept or posted."""
