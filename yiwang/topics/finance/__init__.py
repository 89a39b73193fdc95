"""Finance (财政管理): grants, the money of villages and communities, assets and project money."""
