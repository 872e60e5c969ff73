/** The tables that a statement may name, their columns, and the types of SQL. */
package io.starfire.serving.sql.catalog;
