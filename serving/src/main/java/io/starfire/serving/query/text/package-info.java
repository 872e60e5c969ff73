/**
 * Patterns of text, ready for one thread. None of them runs for ever: a regular expression that
 * backtracks without end is refused.
 */
package io.starfire.serving.query.text;
