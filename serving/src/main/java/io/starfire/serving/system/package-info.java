/**
 * The tables of SQL whose rows are what the server knows about itself: one class a table, and
 * {@link io.starfire.serving.system.SystemTables} lists them.
 */
package io.starfire.serving.system;
