/** The HTTP side of the server: routes, JSON bodies and error answers. */
package io.starfire.serving.http;
