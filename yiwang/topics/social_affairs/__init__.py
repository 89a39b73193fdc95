"""Social affairs (社会事务): relief, care, the elderly, insurance and work, daily services, culture."""
