/**
 * Druid SQL: what a client asks, and what it is answered. The packages below say how: the engine,
 * the tables that there are, how a text becomes a plan, how an expression becomes one of native
 * queries, and what runs above native queries.
 */
package io.starfire.serving.sql;
