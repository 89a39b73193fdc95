"""Economy (经济贸易): service to businesses, order in the market, collective economy, farming."""
