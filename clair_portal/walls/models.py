"""No models here; the module exists because Django sends post_migrate only to apps that have one."""
