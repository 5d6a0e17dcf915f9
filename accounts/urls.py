from django.urls import path

from accounts.web import check, devices, entry, factors, invitation, settings, staff, tokens

app_name = "accounts"
urlpatterns = [
    path("vhod/nachalo/", entry.start, name="start"),
    path("az/", entry.me, name="me"),
    path("az/rolya/", entry.switch, name="switch"),
    path("az/potvardi/", check.again, name="confirm"),
    path("az/ustroystva/", devices.mine, name="devices"),
    path("az/vtora/", factors.index, name="factors"),
    path("az/vtora/prilozhenie/", factors.app, name="factor-app"),
    path("az/vtora/prilozhenie/kod.svg", factors.app_drawing, name="factor-app-drawing"),
    path("az/vtora/klyuch/", factors.key, name="factor-key"),
    path("az/vtora/kodove/", factors.paper, name="factor-paper"),
    path("az/vtora/mahni/", factors.remove, name="factor-remove"),
    path("dostap/<str:secret>/", invitation.accept, name="invitation"),
    path("nastroyki/", settings.index, name="settings"),
    path("nastroyki/byuro/", settings.desk, name="desk"),
    path("nastroyki/pravila/", settings.rules, name="rules"),
    path("nastroyki/punktove/", settings.help_points, name="help-points"),
    path("nastroyki/punktove/nov/", settings.help_point, name="help-point-new"),
    path("nastroyki/punktove/<int:pk>/", settings.help_point, name="help-point"),
    path("nastroyki/punktove/<int:pk>/zatvori/", settings.close_help_point, name="help-point-close"),
    path("nastroyki/praznitsi/", settings.holidays, name="holidays"),
    path("nastroyki/praznitsi/<int:pk>/mahni/", settings.remove_holiday, name="holiday-remove"),
    path("nastroyki/obhvat/", settings.coverage, name="coverage"),
    path("nastroyki/obhvat/<str:ekatte>/", settings.coverage_note, name="coverage-note"),
    path("nastroyki/dostap/", staff.staff, name="staff"),
    path("nastroyki/dostap/kani/", staff.invite, name="invite"),
    path("nastroyki/dostap/pokani/<uuid:pk>/ottegli/", staff.withdraw, name="withdraw"),
    path("nastroyki/dostap/<uuid:pk>/", staff.member, name="member"),
    path("nastroyki/dostap/<uuid:pk>/spri/", staff.remove, name="remove"),
    path("nastroyki/dostap/<uuid:pk>/mesta/", staff.narrow, name="narrow"),
    path("nastroyki/dostap/<uuid:pk>/vtora/", staff.reset_factor, name="reset-factor"),
    path("nastroyki/klyuchove/", tokens.tokens, name="tokens"),
    path("nastroyki/klyuchove/<uuid:pk>/spri/", tokens.revoke, name="token-revoke"),
]
