"""Figures, briefs, site, exports: every sentence carries its evidence and says what a machine and a person did."""
