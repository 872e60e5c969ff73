/**
 * Patterns of text, ready for one thread. None of them outlives its query: a regular expression
 * that backtracks for ever ends at the timeout.
 */
package io.starfire.serving.query.text;
