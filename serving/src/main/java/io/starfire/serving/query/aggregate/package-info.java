/**
 * The aggregators: for each kind of aggregate, what it keeps for a group, how rows are added, how
 * what two row sets gave becomes one, and what the result is.
 */
package io.starfire.serving.query.aggregate;
