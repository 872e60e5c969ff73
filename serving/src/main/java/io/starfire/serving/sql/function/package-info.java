/** The functions of SQL, and how an expression of SQL becomes one of native queries. */
package io.starfire.serving.sql.function;
