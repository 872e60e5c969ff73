/** What a batch run and the coordinator say to each other, as values that travel as JSON. */
package io.starfire.segment.publication;
