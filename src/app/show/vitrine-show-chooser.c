/* SPDX-FileCopyrightText: 2026 The Vitrine developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "vitrine-show-chooser"

#include "config.h"

#include "vitrine-show-chooser.h"

#include "vitrine-address-page.h"
#include "vitrine-compat.h"
#include "vitrine-people.h"
#include "vitrine-portal.h"
#include "vitrine-settings.h"
#include "vitrine-show-obstacle.h"
#include "vitrine-toast.h"

#include "media-device.h"

#include <glib/gi18n.h>

#define EXPLANATION_CHARS 32

struct _VitrineShowChooser
{
  GtkPopover parent_instance;

  Client *client;
  GListModel *cameras;              /* (unowned): the client's, which looks for them from now on */
  ClientConversation *conversation; /* (nullable) */
  VitrinePortal *portal;
  char *device;         /* (nullable) */
  char *sharer;         /* (nullable) */
  CpmContent *current;  /* (nullable) */

  GtkLabel *heading_label;
  GtkStack *stack;
  GtkWidget *choices_page;
  GtkBox *choices;
  GtkSwitch *microphone_switch;
  GtkSwitch *computer_switch;
  GtkWidget *address_page;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VitrineShowChooser, vitrine_show_chooser, GTK_TYPE_POPOVER)

/* What is to be asked before it can be shown. */
typedef enum
{
  ASK_NOTHING,
  ASK_FILE,
  ASK_FILES,
  ASK_SCREEN,
  ASK_ADDRESS,
  ASK_FOR_CAMERAS /* a sandbox: the desktop has to let us see them */
} Question;

/* What a button stands for. */
typedef struct
{
  const char *icon;
  const char *title;
  char *explanation;
  ClientShowable what;
  Question question;
} Choice;

static void
chooser_chosen (VitrineShowChooser   *self,
                const ClientShowable *what)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, what);
}

/* With or without sound, as the switches say. */
static void
chooser_chosen_live (VitrineShowChooser   *self,
                     const ClientShowable *what)
{
  g_autoptr (ClientShowable) copy = client_showable_copy (what);

  copy->with_sound = what->kind == CPM_CONTENT_SCREEN &&
                     gtk_switch_get_active (self->computer_switch);
  copy->mute = what->kind == CPM_CONTENT_CAMERA && !gtk_switch_get_active (self->microphone_switch);
  chooser_chosen (self, copy);
}

static GtkWindow *
chooser_window (VitrineShowChooser *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

typedef struct
{
  VitrineShowChooser *chooser;
  CpmContentKind kind;
} FileQuestion;

static void
file_question_free (gpointer data)
{
  FileQuestion *question = data;

  g_object_unref (question->chooser);
  g_free (question);
}

static void
on_file_chosen (const char *path,
                gpointer    user_data)
{
  FileQuestion *question = user_data;
  ClientShowable what = { .kind = question->kind, .path = (char *) path };

  if (path != NULL)
    chooser_chosen (question->chooser, &what);
}

static void
on_pictures_chosen (const char * const *paths,
                    gpointer            user_data)
{
  FileQuestion *question = user_data;
  g_autoptr (ClientShowable) what = NULL;

  if (paths == NULL)
    return;

  if (paths[1] == NULL)
    what = client_showable_new (CPM_CONTENT_PICTURE, paths[0], NULL);
  else
    what = client_showable_new_pictures (paths, CLIENT_SHOWABLE_BY_HAND);

  chooser_chosen (question->chooser, what);
}

static void
chooser_ask_for_file (VitrineShowChooser *self,
                      CpmContentKind      kind)
{
  static const char * const films[] = { "video/*", NULL };
  static const char * const music[] = { "audio/*", NULL };
  static const char * const pictures[] = { "image/*", NULL };
  FileQuestion *question = g_new0 (FileQuestion, 1);
  GtkWindow *window = chooser_window (self);

  question->chooser = g_object_ref (self);
  question->kind = kind;

  gtk_popover_popdown (GTK_POPOVER (self));
  if (kind == CPM_CONTENT_FILE)
    vitrine_compat_open_file (window, _("Which Film?"), _("Films"), films, on_file_chosen,
                              question, file_question_free);
  else if (kind == CPM_CONTENT_MUSIC)
    vitrine_compat_open_file (window, _("Which Music?"), _("Music"), music, on_file_chosen,
                              question, file_question_free);
  else
    vitrine_compat_open_files (window, _("Which Pictures?"), _("Pictures"), pictures,
                               on_pictures_chosen, question, file_question_free);
}

static void
on_screen_chosen (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (VitrineShowChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaScreen) screen = vitrine_portal_choose_screen_finish (VITRINE_PORTAL (source),
                                                                        result, &error);
  ClientShowable what = { .kind = CPM_CONTENT_SCREEN, .screen = screen };

  if (screen != NULL)
    chooser_chosen_live (self, &what);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    vitrine_toast (GTK_WIDGET (self), error->message);
}

static void
on_cameras_opened (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (VitrineShowChooser) self = user_data;
  g_autoptr (GError) error = NULL;
  int fd = vitrine_portal_open_camera_finish (VITRINE_PORTAL (source), result, &error);

  /* They are in the list in a moment. */
  if (fd >= 0)
    media_devices_set_pipewire_fd (MEDIA_DEVICES (self->cameras), fd);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    vitrine_toast (GTK_WIDGET (self), error->message);
}

static void
chooser_ask_for_address (VitrineShowChooser *self)
{
  gtk_stack_set_visible_child_name (self->stack, "address");
  gtk_widget_grab_focus (self->address_page);
}

static void
on_address_entered (VitrineShowChooser *self,
                    const char         *address)
{
  ClientShowable what = { .kind = CPM_CONTENT_CAMERA, .url = (char *) address };

  chooser_chosen_live (self, &what);
}

static void
on_address_back (VitrineShowChooser *self)
{
  gtk_stack_set_visible_child_name (self->stack, "choices");
}

static void
on_choice_clicked (GtkButton          *button,
                   VitrineShowChooser *self)
{
  const ClientShowable *what = g_object_get_data (G_OBJECT (button), "showable");

  switch ((Question) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "question")))
    {
    case ASK_FILE:
    case ASK_FILES:
      chooser_ask_for_file (self, what->kind);
      break;

    case ASK_SCREEN:
      gtk_popover_popdown (GTK_POPOVER (self));
      vitrine_portal_choose_screen_async (self->portal, chooser_window (self), FALSE, NULL,
                                          on_screen_chosen, g_object_ref (self));
      break;

    case ASK_ADDRESS:
      chooser_ask_for_address (self);
      break;

    case ASK_FOR_CAMERAS:
      vitrine_portal_open_camera_async (self->portal, chooser_window (self), NULL,
                                        on_cameras_opened, g_object_ref (self));
      break;

    case ASK_NOTHING:
    default:
      chooser_chosen_live (self, what);
      break;
    }
}

static void
chooser_clear (VitrineShowChooser *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->choices))))
    gtk_box_remove (self->choices, child);
}

static GtkWidget *
choice_text_new (const Choice *choice,
                 const char   *reason)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (choice->title);
  GtkWidget *explanation = gtk_label_new (reason != NULL ? reason : choice->explanation);

  gtk_label_set_xalign (GTK_LABEL (title), 0.0);
  gtk_label_set_xalign (GTK_LABEL (explanation), 0.0);
  gtk_label_set_wrap (GTK_LABEL (explanation), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (explanation), EXPLANATION_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (explanation), EXPLANATION_CHARS);
  gtk_widget_add_css_class (explanation, "caption");
  gtk_widget_add_css_class (explanation, "dim-label");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), explanation);

  return box;
}

/* One button. @reason (nullable): why it cannot be used. */
static void
chooser_add (VitrineShowChooser *self,
             const Choice       *choice,
             gboolean            is_current,
             const char         *reason)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  GtkWidget *icon = gtk_image_new_from_icon_name (choice->icon);
  GtkWidget *mark;

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 24);
  gtk_widget_add_css_class (icon, "choice-icon");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), choice_text_new (choice, reason));

  if (is_current)
    {
      mark = gtk_image_new_from_icon_name ("object-select-symbolic");
      gtk_widget_set_tooltip_text (mark, _("Shown now"));
      gtk_box_append (GTK_BOX (box), mark);
      gtk_widget_add_css_class (button, "current");
    }

  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_sensitive (button, reason == NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, choice->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : choice->explanation, -1);

  g_object_set_data_full (G_OBJECT (button), "showable", client_showable_copy (&choice->what),
                          (GDestroyNotify) client_showable_free);
  g_object_set_data (G_OBJECT (button), "question", GINT_TO_POINTER (choice->question));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_choice_clicked), self, 0);

  gtk_box_append (self->choices, button);
}

/* Why @choice cannot be used now, as a sentence. (nullable) (transfer full) */
static char *
chooser_obstacle (VitrineShowChooser *self,
                  const Choice       *choice,
                  gboolean            has_camera)
{
  char *obstacle = vitrine_show_obstacle (self->client, self->conversation, choice->what.kind);

  if (obstacle != NULL || choice->question != ASK_NOTHING || has_camera)
    return obstacle;

  return g_strdup (_("There is no camera. Plug one in and look again."));
}

static void
chooser_offer (VitrineShowChooser *self,
               Choice             *choice,
               gboolean            is_current,
               gboolean            has_camera)
{
  g_autofree char *reason = chooser_obstacle (self, choice, has_camera);

  chooser_add (self, choice, is_current, reason);
  g_clear_pointer (&choice->explanation, g_free);
}

/* One button for each camera, or one for the camera of the command line. */
static void
chooser_offer_cameras (VitrineShowChooser *self,
                       gboolean            is_current)
{
  unsigned n_cameras = g_list_model_get_n_items (self->cameras);
  Choice choice = {
    .icon = "camera-video-symbolic",
    .title = _("Live camera"),
    .what = { .kind = CPM_CONTENT_CAMERA, .device = self->device },
  };

  if (self->device == NULL && n_cameras == 0 && vitrine_portal_is_needed_for_camera ())
    choice.question = ASK_FOR_CAMERAS;

  if (self->device != NULL || n_cameras < 2)
    {
      g_autofree char *title = vitrine_people_dup_title (self->conversation);

      choice.explanation = g_strdup_printf (_("%s sees what your camera sees"), title);
      chooser_offer (self, &choice, is_current, self->device != NULL || n_cameras > 0);
      return;
    }

  for (unsigned i = 0; i < n_cameras; i++)
    {
      g_autoptr (MediaDevice) camera = g_list_model_get_item (self->cameras, i);
      /* Translators: one of several cameras, by its name */
      g_autofree char *title = g_strdup_printf (_("Live camera: %s"),
                                                media_device_get_name (camera));

      choice.title = title;
      choice.explanation = g_strdup (_("One of several"));
      choice.what.device = (char *) media_device_get_id (camera);
      chooser_offer (self, &choice, FALSE, TRUE);
    }
}

static void
chooser_fill (VitrineShowChooser *self)
{
  gboolean has_camera = self->device != NULL || g_list_model_get_n_items (self->cameras) > 0;
  int current = self->current != NULL && self->sharer == NULL ? (int) self->current->kind : -1;
  g_autofree char *name = vitrine_people_dup_title (self->conversation);
  /* Translators: "them" are photographs; %s is a person, or a group in quotation marks */
  Choice photographs = {
    .icon = "camera-photo-symbolic", .title = _("Photographs"),
    .explanation = g_strdup_printf (_("Take them now; %s gets each one"), name),
    .what = { .kind = CPM_CONTENT_PICTURE, .device = self->device },
  };
  Choice files[] = {
    { "image-x-generic-symbolic", _("Pictures from your files…"),
      g_strdup (_("One, or several that follow one another")), { .kind = CPM_CONTENT_PICTURE },
      ASK_FILES },
    { "vitrine-film-symbolic", _("A film…"), g_strdup (_("You watch it together")),
      { .kind = CPM_CONTENT_FILE }, ASK_FILE },
    { "audio-x-generic-symbolic", _("Music…"), g_strdup (_("You listen to it together")),
      { .kind = CPM_CONTENT_MUSIC }, ASK_FILE },
    { "video-display-symbolic", _("The screen or a window…"),
      g_strdup (_("What you see on this computer")), { .kind = CPM_CONTENT_SCREEN }, ASK_SCREEN },
    { "camera-web-symbolic", _("A network camera…"), g_strdup (_("One with an address of its own")),
      { .kind = CPM_CONTENT_CAMERA }, ASK_ADDRESS },
  };

  chooser_offer (self, &photographs, current == CPM_CONTENT_PICTURE, has_camera);
  chooser_offer_cameras (self, current == CPM_CONTENT_CAMERA);
  for (size_t i = 0; i < G_N_ELEMENTS (files); i++)
    chooser_offer (self, &files[i],
                   current == (int) files[i].what.kind && files[i].question == ASK_FILE,
                   has_camera);
}

/* A popover measures its height without regard to its width, and would cut off what has wrapped. */
static void
chooser_fix_size (VitrineShowChooser *self)
{
  int width, height, widest;

  gtk_widget_set_size_request (self->choices_page, -1, -1);
  gtk_widget_measure (self->choices_page, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure (self->choices_page, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL,
                      NULL);
  gtk_widget_measure (self->choices_page, GTK_ORIENTATION_VERTICAL, G_MAXINT16, &widest, NULL, NULL,
                      NULL);
  gtk_widget_set_size_request (self->choices_page, width, MAX (height, widest));
}

static char *
chooser_dup_heading (VitrineShowChooser *self)
{
  g_autofree char *title = vitrine_people_dup_title (self->conversation);

  if (self->sharer != NULL)
    /* Translators: %s is the name of whoever shows something at the moment */
    return g_strdup_printf (_("Ask %s whether you may show…"), self->sharer);

  if (self->current != NULL)
    return g_strdup (_("Show something else"));

  return g_strdup_printf (_("What do you want to show %s?"), title);
}

static void
chooser_refill (VitrineShowChooser *self)
{
  g_autofree char *heading = NULL;

  chooser_clear (self);
  if (self->conversation == NULL)
    return;

  heading = chooser_dup_heading (self);
  gtk_label_set_label (self->heading_label, heading);
  gtk_stack_set_visible_child_name (self->stack, "choices");
  chooser_fill (self);
  chooser_fix_size (self);
}

/* Somebody has just plugged one in, and looks. */
static void
on_cameras_changed (VitrineShowChooser *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    chooser_refill (self);
}

static void
vitrine_show_chooser_show (GtkWidget *widget)
{
  chooser_refill (VITRINE_SHOW_CHOOSER (widget));

  GTK_WIDGET_CLASS (vitrine_show_chooser_parent_class)->show (widget);
}

static void
vitrine_show_chooser_dispose (GObject *object)
{
  VitrineShowChooser *self = VITRINE_SHOW_CHOOSER (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->portal);
  g_clear_object (&self->client);
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->sharer, g_free);
  g_clear_pointer (&self->current, cpm_content_free);

  G_OBJECT_CLASS (vitrine_show_chooser_parent_class)->dispose (object);
}

static void
vitrine_show_chooser_class_init (VitrineShowChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = vitrine_show_chooser_dispose;
  widget_class->show = vitrine_show_chooser_show;

  signals[CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, CLIENT_TYPE_SHOWABLE | G_SIGNAL_TYPE_STATIC_SCOPE);

  g_type_ensure (VITRINE_TYPE_ADDRESS_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/vitrine/Vitrine/vitrine-show-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, heading_label);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, choices_page);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, choices);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, microphone_switch);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, computer_switch);
  gtk_widget_class_bind_template_child (widget_class, VitrineShowChooser, address_page);
  gtk_widget_class_bind_template_callback (widget_class, on_address_back);
  gtk_widget_class_bind_template_callback (widget_class, on_address_entered);
}

static void
vitrine_show_chooser_init (VitrineShowChooser *self)
{
  g_autoptr (VitrineSettings) settings = vitrine_settings_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->portal = vitrine_portal_new (vitrine_settings_get_store (settings));
}

void
vitrine_show_chooser_set_client (VitrineShowChooser *self,
                                 Client             *client,
                                 const char         *device)
{
  g_return_if_fail (VITRINE_IS_SHOW_CHOOSER (self));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  self->device = g_strdup (device);
  self->cameras = client_get_cameras (client);
  gtk_switch_set_active (self->microphone_switch, client_get_microphone (client));
  g_signal_connect_object (self->cameras, "items-changed", G_CALLBACK (on_cameras_changed), self,
                           G_CONNECT_SWAPPED);
}

void
vitrine_show_chooser_set_conversation (VitrineShowChooser *self,
                                       ClientConversation *conversation)
{
  g_return_if_fail (VITRINE_IS_SHOW_CHOOSER (self));

  g_set_object (&self->conversation, conversation);
}

void
vitrine_show_chooser_set_sharer (VitrineShowChooser *self,
                                 const char         *sharer)
{
  char *copy = g_strdup (sharer);

  g_return_if_fail (VITRINE_IS_SHOW_CHOOSER (self));

  g_free (self->sharer);
  self->sharer = copy;
}

void
vitrine_show_chooser_set_current (VitrineShowChooser *self,
                                  const CpmContent   *current)
{
  g_return_if_fail (VITRINE_IS_SHOW_CHOOSER (self));

  g_clear_pointer (&self->current, cpm_content_free);

  if (current != NULL)
    self->current = cpm_content_copy (current);
}
