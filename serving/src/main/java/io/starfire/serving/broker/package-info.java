/** The broker: takes the view, has everything that shows scanned, and merges the answer. */
package io.starfire.serving.broker;
