/**
 * What answers a statement row by row: native queries, and above them what native queries cannot
 * do. All rows that are held count as memory of the statement.
 */
package io.starfire.serving.sql.rows;
