"""The sync endpoint in Django REST framework, a project of its own on the Hub's tables."""
