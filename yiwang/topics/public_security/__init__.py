"""Public security (综合治理): disputes for mediation and the safety of the neighbourhood."""
