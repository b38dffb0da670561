"""What nobody should send: addresses, pages and files that mean harm, made when a test asks for them."""
