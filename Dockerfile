# syntax=docker/dockerfile:1
# One image for web, worker, relay and migrate. Built in one stage, run in another that has no compiler and no pip cache.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/portal
WORKDIR /app
COPY requirements/base.lock requirements/base.lock
RUN /opt/portal/bin/pip install --require-hashes --no-deps -r requirements/base.lock
COPY manage.py ./
COPY clair_portal clair_portal
COPY offices offices
COPY jet jet
COPY exchange exchange
COPY multicultural multicultural
COPY templates templates
COPY static static
COPY locale locale
COPY deploy deploy
# Catalogues, static files and the fonts for PDF are made here, so that a container that starts writes nothing.
RUN /opt/portal/bin/python -P clair_portal/local_services/catalogues.py locale \
 && SECRET_KEY=only-while-building DATABASE_URL=postgresql://nobody@/nothing \
    /opt/portal/bin/python manage.py collectstatic --noinput \
 && SECRET_KEY=only-while-building DATABASE_URL=postgresql://nobody@/nothing \
    /opt/portal/bin/python manage.py prepare_fonts \
 && /opt/portal/bin/python -m compileall -q /opt/portal/lib clair_portal offices jet exchange multicultural

FROM python:3.11-slim-bookworm AS run
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0750 /run/portal /srv/portal /srv/portal/documents /srv/portal/log-heads /srv/portal/mail-in \
 && install -d -o portal -g portal -m 0755 /srv/static /srv/published
COPY --from=build /opt/portal /opt/portal
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=clair_portal.settings.production \
    STATE=/srv/portal
USER 10001:10001
ENTRYPOINT ["/app/deploy/entrypoint.sh"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py", "clair_portal.wsgi"]
