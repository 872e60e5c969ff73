/** The real-time node: rows from Kafka, queryable at once, persisted, committed and handed off. */
package io.starfire.serving.realtime;
