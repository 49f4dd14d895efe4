/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-join-page"

#include "config.h"

#include "vitrine-join-page.h"

#include "vitrine-names.h"
#include "vitrine-uri.h"

#include "cpm-address.h"

#include <glib/gi18n.h>

/* As docs/protocol.md has it for `hello`. */
#define PASSWORD_MIN_BYTES 8

struct _VitrineJoinPage
{
  AdwBin parent_instance;

  Client *client;
  GCancellable *cancellable; /* (nullable): while the relay is being asked */

  GtkMenuButton *menu_button;
  GtkWidget *form;
  GtkEditable *relay_row;
  GtkWidget *relay_trouble;
  GtkLabel *relay_trouble_label;
  GtkEditable *account_row;
  GtkWidget *account_trouble;
  GtkLabel *account_trouble_label;
  GtkEditable *password_row;
  GtkWidget *password_trouble;
  GtkLabel *password_trouble_label;
  AdwExpanderRow *pin_expander;
  GtkEditable *pin_row;
  GtkWidget *pin_trouble;
  GtkLabel *pin_trouble_label;
  GtkLabel *trouble_label;
  GtkStack *button_stack;
  GtkSpinner *spinner;
};

enum
{
  JOINED,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineJoinPage, vitrine_join_page, ADW_TYPE_BIN)

static void
set_trouble (GtkEditable *row,
             GtkWidget   *trouble,
             GtkLabel    *label,
             const char  *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (trouble, text != NULL);

  if (text != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (row), "error");
      gtk_widget_grab_focus (GTK_WIDGET (row));
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
    }
}

static void
page_relay_trouble (VitrineJoinPage *self,
                    const char      *text)
{
  set_trouble (self->relay_row, self->relay_trouble, self->relay_trouble_label, text);
}

static void
page_account_trouble (VitrineJoinPage *self,
                      const char      *text)
{
  set_trouble (self->account_row, self->account_trouble, self->account_trouble_label, text);
}

static void
page_password_trouble (VitrineJoinPage *self,
                       const char      *text)
{
  set_trouble (self->password_row, self->password_trouble, self->password_trouble_label, text);
}

static void
page_pin_trouble (VitrineJoinPage *self,
                  const char      *text)
{
  if (text != NULL)
    adw_expander_row_set_expanded (self->pin_expander, TRUE);

  set_trouble (self->pin_row, self->pin_trouble, self->pin_trouble_label, text);
}

static void
page_general_trouble (VitrineJoinPage *self,
                      const char      *text)
{
  gtk_label_set_label (self->trouble_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), text != NULL);
}

static void
page_clear_troubles (VitrineJoinPage *self)
{
  page_relay_trouble (self, NULL);
  page_account_trouble (self, NULL);
  page_password_trouble (self, NULL);
  page_pin_trouble (self, NULL);
  page_general_trouble (self, NULL);
}

/* Where one goes on writing. */
static void
page_focus_first_empty (VitrineJoinPage *self)
{
  GtkEditable *rows[] = { self->relay_row, self->account_row, self->password_row };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    if (*gtk_editable_get_text (rows[i]) == '\0')
      {
        gtk_widget_grab_focus (GTK_WIDGET (rows[i]));
        return;
      }
}

static void
page_set_busy (VitrineJoinPage *self,
               gboolean         busy)
{
  gtk_stack_set_visible_child_name (self->button_stack, busy ? "busy" : "buttons");
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->relay_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->account_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pin_expander), !busy);
}

static void
on_signed_in (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (VitrineJoinPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean joined = client_sign_in_finish (CLIENT_CLIENT (source), result, &error);

  g_clear_object (&self->cancellable);
  page_set_busy (self, FALSE);

  if (joined)
    {
      gtk_editable_set_text (self->password_row, "");
      g_signal_emit (self, signals[JOINED], 0);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      vitrine_join_page_explain (self, error);
    }
}

/* (transfer full) */
static char *
row_dup_text (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

/* Says what is missing or cannot be right, before anybody is asked. */
static gboolean
page_check (VitrineJoinPage *self,
            const char      *relay,
            const char      *account,
            const char      *password,
            gboolean         create)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *normal = NULL;

  if (*relay == '\0')
    {
      page_relay_trouble (self, _("Which relay? Ask the person who runs it for its address, "
                                  "or paste the invitation that you were given."));
      return FALSE;
    }

  normal = cpm_address_normalize (account, &error);
  if (normal == NULL)
    {
      page_account_trouble (self, *account == '\0'
                                    ? _("Write your address: a name, an @ and the relay’s domain.")
                                    : error->message);
      return FALSE;
    }

  if (*password == '\0')
    {
      page_password_trouble (self, _("The password is missing."));
      return FALSE;
    }

  if (create && strlen (password) < PASSWORD_MIN_BYTES)
    {
      page_password_trouble (self,
                             _("Take at least eight characters; three or four words are good."));
      return FALSE;
    }

  return TRUE;
}

static void
page_join (VitrineJoinPage *self,
           gboolean         create)
{
  g_autofree char *relay = row_dup_text (self->relay_row);
  g_autofree char *account = row_dup_text (self->account_row);
  g_autofree char *pin = row_dup_text (self->pin_row);
  ClientAccountInfo info = {
    .relay = relay,
    .pin = *pin != '\0' ? pin : NULL,
    .account = account,
    .password = gtk_editable_get_text (self->password_row),
    .create = create,
  };

  page_clear_troubles (self);

  if (self->client == NULL || self->cancellable != NULL ||
      !page_check (self, relay, account, info.password, create))
    return;

  self->cancellable = g_cancellable_new ();
  page_set_busy (self, TRUE);
  client_sign_in_async (self->client, &info, self->cancellable, on_signed_in, g_object_ref (self));
}

static void
on_sign_in (VitrineJoinPage *self)
{
  page_join (self, FALSE);
}

static void
on_create (VitrineJoinPage *self)
{
  page_join (self, TRUE);
}

static void
on_cancel (VitrineJoinPage *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
on_changed (VitrineJoinPage *self)
{
  page_clear_troubles (self);
}

/* An invitation, wherever it came from, fills the fields. */
static void
page_take_invitation (VitrineJoinPage *self,
                      const char      *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VitrineUri) uri = vitrine_uri_parse (text, &error);

  if (uri == NULL)
    page_relay_trouble (self, error->message);
  else if (uri->relay == NULL)
    page_relay_trouble (self, _("This is the address of a person. Join a relay first."));
  else
    vitrine_join_page_prefill (self, uri->relay, uri->pin, uri->account);
}

static void
on_relay_changed (VitrineJoinPage *self)
{
  const char *text = gtk_editable_get_text (self->relay_row);

  page_clear_troubles (self);

  /* Pasted into the field itself. */
  if (vitrine_uri_is_one (text) && strchr (text, '=') != NULL)
    {
      g_autofree char *invitation = g_strdup (text);

      page_take_invitation (self, invitation);
    }
}

static void
on_text_pasted (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (VitrineJoinPage) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  page_take_invitation (self, text != NULL ? text : "");
}

static void
on_paste (VitrineJoinPage *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL,
                                 on_text_pasted, g_object_ref (self));
}

static void
vitrine_join_page_dispose (GObject *object)
{
  VitrineJoinPage *self = VITRINE_JOIN_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (vitrine_join_page_parent_class)->dispose (object);
}

static void
vitrine_join_page_finalize (GObject *object)
{
  VitrineJoinPage *self = VITRINE_JOIN_PAGE (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (vitrine_join_page_parent_class)->finalize (object);
}

static void
vitrine_join_page_class_init (VitrineJoinPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_join_page_dispose;
  object_class->finalize = vitrine_join_page_finalize;

  signals[JOINED] =
    g_signal_new ("joined", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-join-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, form);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, relay_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, relay_trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, relay_trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, account_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, account_trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, account_trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, password_trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, password_trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, pin_expander);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, pin_row);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, pin_trouble);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, pin_trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineJoinPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_create);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
  gtk_widget_class_bind_template_callback (widget_class, on_relay_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_in);
}

static void
vitrine_join_page_init (VitrineJoinPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  vitrine_name_menu_button (self->menu_button, _("Menu"));
}

void
vitrine_join_page_set_client (VitrineJoinPage *self,
                              Client          *client)
{
  g_return_if_fail (VITRINE_IS_JOIN_PAGE (self));

  g_set_object (&self->client, client);
}

void
vitrine_join_page_prefill (VitrineJoinPage *self,
                           const char      *relay,
                           const char      *pin,
                           const char      *account)
{
  g_return_if_fail (VITRINE_IS_JOIN_PAGE (self));

  if (relay != NULL)
    gtk_editable_set_text (self->relay_row, relay);

  if (account != NULL)
    gtk_editable_set_text (self->account_row, account);

  if (pin != NULL)
    {
      gtk_editable_set_text (self->pin_row, pin);
      adw_expander_row_set_expanded (self->pin_expander, TRUE);
    }

  page_focus_first_empty (self);
}

/* What the relay said, or how it could not be reached: each of these belongs to one field. */
void
vitrine_join_page_explain (VitrineJoinPage *self,
                           const GError    *error)
{
  g_return_if_fail (VITRINE_IS_JOIN_PAGE (self));

  if (error->domain == G_TLS_ERROR)
    page_pin_trouble (self, error->message);
  else if (error->domain == G_IO_ERROR || error->domain == G_RESOLVER_ERROR)
    page_relay_trouble (self, error->message);
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_AUTH))
    page_password_trouble (self, _("The address or the password is not right. Look at both again; "
                                   "if you have no account yet, create one below."));
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_CONFLICT))
    page_account_trouble (
      self, _("Somebody has this address already. If it is you, sign in; else take another."));
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_FORBIDDEN) ||
           g_error_matches (error, CPM_ERROR, CPM_ERROR_NOT_FOUND) ||
           g_error_matches (error, CPM_ERROR, CPM_ERROR_BAD_ENVELOPE))
    page_account_trouble (self, error->message);
  else if (g_error_matches (error, CPM_ERROR, CPM_ERROR_VERSION) ||
           g_error_matches (error, CPM_ERROR, CPM_ERROR_REMOTE_UNREACHABLE))
    page_relay_trouble (self, error->message);
  else
    page_general_trouble (self, error->message);
}
