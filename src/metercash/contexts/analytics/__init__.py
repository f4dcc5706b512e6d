"""What managers watch: collection, arrears, channels and the way of a reading (分析)."""
