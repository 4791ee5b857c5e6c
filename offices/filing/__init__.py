"""Filing a support request, for people who do it twice a year: one thing a page, saved at each step, checked, then sent."""
