/**
 * How a query is answered: what merged groups become, in which order and which of them, and how
 * that is written.
 */
package io.starfire.serving.query.result;
