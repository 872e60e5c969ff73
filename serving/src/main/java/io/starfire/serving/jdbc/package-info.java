/** The JDBC protocol of Avatica, as Druid's clients speak it: connections, statements, frames. */
package io.starfire.serving.jdbc;
