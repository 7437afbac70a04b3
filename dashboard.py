"""The dashboard. Start it with ``streamlit run dashboard.py``."""

from pathlib import Path

import streamlit as st

from emrs_core.ui.lifetime import lifetime
from emrs_core.ui.routes import routes

app = st.App(Path(__file__).resolve().parent / "emrs_core" / "ui" / "main.py", routes=routes(), lifespan=lifetime)
