# The libraries are installed in one stage and only copied into the other, which has no pip cache and no lock.
FROM python:3.13-slim-bookworm AS libraries
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv --without-pip /venv
COPY requirements/base.txt /locks/base.txt
RUN python -m pip --python /venv/bin/python install --require-hashes --only-binary :all: -r /locks/base.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/app/var STATIC_ROOT=/app/staticfiles NUMBA_CACHE_DIR=/app/var/kernels
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin dv
COPY --from=libraries /venv /venv
WORKDIR /app
COPY . .
# DEMO only stands in for the secrets, which an image must not hold; it is not kept.
RUN DEMO=1 python manage.py messages --compile \
    && DEMO=1 python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf var && mkdir var && chown dv:dv var \
    # Nothing can be written beside the code later: without this every start would compile all of it anew.
    && python -m compileall -q .
USER dv
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "config.wsgi:application"]
