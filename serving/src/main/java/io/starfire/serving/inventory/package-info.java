/**
 * What a server has and does, as Druid's pages and the system tables of SQL list it: segments,
 * servers, tasks.
 */
package io.starfire.serving.inventory;
