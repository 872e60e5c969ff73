/** What queries see at one moment, and how it is made of what a coordinator sends. */
package io.starfire.serving.view;
