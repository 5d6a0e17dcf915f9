-- Two roles: `dv_owner` owns the tables and runs migrations, `dv_app` only reads and writes rows.
-- Run once by a superuser, connected to the database, with psql -v database=… -v owner_password=… -v app_password=…
CREATE ROLE dv_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE dv_app LOGIN PASSWORD :'app_password';

ALTER DATABASE :"database" OWNER TO dv_owner;
ALTER SCHEMA public OWNER TO dv_owner;

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO dv_app;
GRANT USAGE ON SCHEMA public TO dv_app;

-- Whatever a later migration creates is usable by the application, and still not its own.
ALTER DEFAULT PRIVILEGES FOR ROLE dv_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dv_app;
ALTER DEFAULT PRIVILEGES FOR ROLE dv_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO dv_app;
