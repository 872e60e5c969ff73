/** The broker: takes a view, has everything visible in it scanned, and merges the answer. */
package io.starfire.serving.broker;
