/** A real Kafka broker inside this JVM, for standalone mode and for tests. */
package io.starfire.embedded;
