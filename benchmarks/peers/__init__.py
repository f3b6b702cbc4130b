"""What people would use instead, each with its best means and with prepared data for nothing."""
