-- Two roles and a database, once, as the server's administrator:
--   psql -v owner_password=… -v app_password=… -f database.sql
-- The first owns the tables and migrates. The second is the program's: it owns nothing and row-level security binds it.
CREATE ROLE yiwang_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE yiwang_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE yiwang OWNER yiwang_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE yiwang FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE yiwang TO yiwang_app;
