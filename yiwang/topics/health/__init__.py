"""Health (卫生计生): public health, food and medicine, health services, family services."""
