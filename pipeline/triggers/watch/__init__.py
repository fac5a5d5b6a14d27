"""Take a project repository in which people work; build whenever something has moved; tell what came of each build."""
