/** The engine of SQL: it plans statements and runs the plans. */
package io.starfire.serving.sql.engine;
