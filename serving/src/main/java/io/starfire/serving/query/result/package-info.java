/** Makes answers: turns merged groups into result rows, sorts and limits them, and writes them. */
package io.starfire.serving.query.result;
