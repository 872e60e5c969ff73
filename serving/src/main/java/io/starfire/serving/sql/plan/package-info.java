/** How the text of a statement becomes native queries, and steps above them. */
package io.starfire.serving.sql.plan;
