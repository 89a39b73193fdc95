"""City management (城市管理): municipal components (部件) and events (事件), each with its conditions and limits."""
